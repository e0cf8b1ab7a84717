-- What payment providers told us, stored before it is acknowledged. state: waiting, told, given_up. due_at: when a waiting one is told again.
CREATE TABLE payment_events (
    provider    TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    type        TEXT NOT NULL,
    payment_id  TEXT NOT NULL,
    checkout_id TEXT NOT NULL,
    state       TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,
    tries       BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (provider, event_id)
);

CREATE INDEX payment_events_due ON payment_events (due_at) WHERE state = 'waiting';

CREATE INDEX payment_events_by_age ON payment_events (received_at);
