-- Messages of a queue that fail. state: failing (the host still tries), waiting (for an operator), retried, done.
CREATE TABLE poison_messages (
    id         TEXT PRIMARY KEY,
    queue      TEXT NOT NULL,
    body       TEXT NOT NULL,
    order_id   TEXT,
    error      TEXT,
    state      TEXT NOT NULL,
    first_seen BIGINT NOT NULL,
    last_seen  BIGINT NOT NULL,
    retried_at BIGINT
);

CREATE INDEX poison_messages_by_age ON poison_messages (first_seen);
