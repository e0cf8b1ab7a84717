-- Checkouts whose orchestration ended before its work was done, once their money was given back: nothing can be reserved or placed for them any more.
CREATE TABLE closed_checkouts (
    checkout_id TEXT PRIMARY KEY,
    closed_at   BIGINT NOT NULL
);

-- What the timer found last, as JSON.
CREATE TABLE reconciliations (
    name   TEXT PRIMARY KEY,
    ran_at BIGINT NOT NULL,
    report TEXT NOT NULL
);

CREATE INDEX orders_by_age ON orders (placed_at);

CREATE INDEX refunds_open ON refunds (updated_at) WHERE state IN ('requested', 'needs_attention');
