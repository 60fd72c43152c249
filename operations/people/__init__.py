"""Who works here: accounts, sessions, tablets, sign-on, and what the audit log says of them."""
