-- Those that are at work, and those that were never touched: reconciliation looks for the ones that are so for too long.
CREATE INDEX sessions_at_work ON sessions (updated_at) WHERE status IN ('Paying', 'ActionRequired', 'NeedsAttention');

CREATE INDEX sessions_untouched ON sessions (updated_at) WHERE version = 1;
