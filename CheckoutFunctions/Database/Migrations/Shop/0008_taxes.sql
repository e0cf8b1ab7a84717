-- The rates that tax providers last stated, in billionths, for when none of them answers. category: a tax code, '' without one, or 'shipping'.
CREATE TABLE tax_rates (
    country     TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    category    TEXT NOT NULL,
    rate        BIGINT NOT NULL CHECK (rate >= 0),
    source      TEXT NOT NULL,
    as_of       BIGINT NOT NULL,
    PRIMARY KEY (country, postal_code, category)
);

-- Orders that paid an estimated tax: who records it, and what that provider calculates. calculated is null where it refuses the address.
CREATE TABLE estimated_taxes (
    order_id    TEXT PRIMARY KEY,
    provider    TEXT NOT NULL,
    currency    TEXT NOT NULL,
    charged     BIGINT NOT NULL CHECK (charged >= 0),
    calculated  BIGINT,
    refusal     TEXT,
    chosen_at   BIGINT NOT NULL,
    recorded_at BIGINT
);
