-- Silent checkouts, by how long they have been: reminders look at the young ones, retention at the old.
CREATE INDEX sessions_by_change ON sessions (updated_at, checkout_id);
