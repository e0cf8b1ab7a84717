-- What Braintree can't remember for us: it knows nothing of a payment before its authorization, and has no idempotency keys.
-- unknown_since: when the authorization was sent whose outcome isn't known. token: until it was used. closed_at: nothing may be authorized any more.
CREATE TABLE braintree_payments (
    payment_id     TEXT PRIMARY KEY,
    checkout_id    TEXT NOT NULL,
    amount         BIGINT NOT NULL CHECK (amount > 0),
    currency       TEXT NOT NULL,
    token          TEXT,
    single_use     BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    attempts       BIGINT NOT NULL DEFAULT 0,
    unknown_since  BIGINT,
    transaction_id TEXT,
    refused        TEXT,
    closed_at      BIGINT
);

-- Refunds that were sent, by our key. whole: as a reversal, before the payment settled. given_id: what stands for it at Braintree.
CREATE TABLE braintree_refunds (
    refund_key    TEXT PRIMARY KEY,
    payment_id    TEXT NOT NULL,
    whole         BIGINT NOT NULL,
    unknown_since BIGINT,
    given_id      TEXT
);
