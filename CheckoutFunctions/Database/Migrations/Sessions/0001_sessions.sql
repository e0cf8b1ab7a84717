-- document: what a storefront sees. input: what the orchestration starts from, kept so that a start that was cut off can be finished.
CREATE TABLE sessions (
    checkout_id TEXT PRIMARY KEY,
    secret_hash TEXT NOT NULL,
    version     BIGINT NOT NULL,
    status      TEXT NOT NULL,
    document    TEXT NOT NULL,
    input       TEXT NOT NULL,
    updated_at  BIGINT NOT NULL
);

-- What each command was answered, so that a repeat is answered the same.
CREATE TABLE answers (
    checkout_id  TEXT NOT NULL,
    command_key  TEXT NOT NULL,
    answer       TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (checkout_id, command_key)
);

-- Idempotency keys of started checkouts. The client's secret is not kept: it is made from the key and this salt.
CREATE TABLE starts (
    key_hash     TEXT PRIMARY KEY,
    request_hash TEXT NOT NULL,
    checkout_id  TEXT NOT NULL,
    salt         TEXT NOT NULL,
    created_at   BIGINT NOT NULL
);
