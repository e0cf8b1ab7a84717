CREATE TABLE products (
    sku          TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    currency     TEXT NOT NULL,
    unit_price   BIGINT NOT NULL CHECK (unit_price >= 0),
    tax_code     TEXT,
    weight_grams BIGINT NOT NULL CHECK (weight_grams >= 0)
);

-- free + held + sold is constant but for goods received; none is ever negative.
CREATE TABLE stock (
    sku  TEXT PRIMARY KEY REFERENCES products (sku),
    free BIGINT NOT NULL CHECK (free >= 0),
    held BIGINT NOT NULL DEFAULT 0 CHECK (held >= 0),
    sold BIGINT NOT NULL DEFAULT 0 CHECK (sold >= 0)
);

-- state: held, released, expired, sold. A released hold stays as a tombstone: a late reservation under its key must not take stock.
CREATE TABLE holds (
    hold_key    TEXT PRIMARY KEY,
    checkout_id TEXT NOT NULL,
    state       TEXT NOT NULL,
    expires_at  BIGINT NOT NULL
);

CREATE INDEX holds_by_expiry ON holds (expires_at) WHERE state = 'held';

CREATE TABLE hold_lines (
    hold_key TEXT NOT NULL REFERENCES holds (hold_key),
    sku      TEXT NOT NULL REFERENCES stock (sku),
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (hold_key, sku)
);

-- kind: percent (value in hundredths of a percent), amount (value in minor units), free_shipping.
CREATE TABLE discounts (
    code     TEXT PRIMARY KEY,
    kind     TEXT NOT NULL,
    value    BIGINT NOT NULL DEFAULT 0,
    currency TEXT,
    ends_at  BIGINT
);

-- state: placed, cancelled. A cancelled order stays: a late placement under its id must not revive it.
CREATE TABLE orders (
    order_id       TEXT PRIMARY KEY,
    checkout_id    TEXT NOT NULL,
    state          TEXT NOT NULL,
    hold_key       TEXT NOT NULL,
    payment_id     TEXT NOT NULL,
    currency       TEXT NOT NULL,
    subtotal       BIGINT NOT NULL,
    discount_total BIGINT NOT NULL,
    shipping_cost  BIGINT NOT NULL,
    tax_cost       BIGINT NOT NULL,
    grand_total    BIGINT NOT NULL,
    email          TEXT,
    ship_to        TEXT NOT NULL,
    shipping_method TEXT NOT NULL,
    placed_at      BIGINT NOT NULL
);

CREATE UNIQUE INDEX one_order_per_checkout ON orders (checkout_id) WHERE state <> 'cancelled';

CREATE TABLE order_lines (
    order_id   TEXT NOT NULL REFERENCES orders (order_id),
    sku        TEXT NOT NULL,
    name       TEXT NOT NULL,
    quantity   BIGINT NOT NULL,
    unit_price BIGINT NOT NULL,
    PRIMARY KEY (order_id, sku)
);
