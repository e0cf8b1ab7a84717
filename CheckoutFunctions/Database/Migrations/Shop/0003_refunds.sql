-- What of an order was given back or is on its way back, and its share of the tax. The checks are the gate: never more than was paid.
ALTER TABLE orders ADD COLUMN refunds_total BIGINT NOT NULL DEFAULT 0 CHECK (refunds_total >= 0 AND refunds_total <= grand_total);
ALTER TABLE orders ADD COLUMN refunds_tax BIGINT NOT NULL DEFAULT 0 CHECK (refunds_tax >= 0 AND refunds_tax <= tax_cost);
ALTER TABLE order_lines ADD COLUMN returned BIGINT NOT NULL DEFAULT 0 CHECK (returned >= 0 AND returned <= quantity);

-- state: requested, refunded, needs_attention, failed. Only a failed refund no longer counts against its order.
CREATE TABLE refunds (
    refund_id    TEXT PRIMARY KEY,
    order_id     TEXT NOT NULL REFERENCES orders (order_id),
    state        TEXT NOT NULL,
    version      BIGINT NOT NULL DEFAULT 0,
    amount       BIGINT NOT NULL CHECK (amount > 0),
    tax          BIGINT NOT NULL CHECK (tax >= 0),
    reason       TEXT NOT NULL,
    provider_id  TEXT,
    detail       TEXT,
    key_hash     TEXT UNIQUE,
    request_hash TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);

CREATE INDEX refunds_by_order ON refunds (order_id);

CREATE TABLE refund_lines (
    refund_id TEXT NOT NULL REFERENCES refunds (refund_id),
    sku       TEXT NOT NULL,
    quantity  BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (refund_id, sku)
);

-- Which goods went back on the shelf: the same key puts them there once.
CREATE TABLE restocks (
    restock_key TEXT PRIMARY KEY,
    restocked_at BIGINT NOT NULL
);
