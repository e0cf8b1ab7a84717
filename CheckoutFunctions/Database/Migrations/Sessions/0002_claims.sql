-- Which request came with a key, and with which body: others under the same key wait for that one's answer.
CREATE TABLE claims (
    checkout_id  TEXT NOT NULL,
    command_key  TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    request_id   TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (checkout_id, command_key)
);

-- Keys and answers are kept for 48 hours.
CREATE INDEX starts_by_age ON starts (created_at);
CREATE INDEX answers_by_age ON answers (created_at);
CREATE INDEX claims_by_age ON claims (created_at);
