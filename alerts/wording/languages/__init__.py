"""The languages of messages, a module each; `alerts.wording.vocabulary` has them all."""
