"""Papers of an alert, typeset by typst: scripts, posters, 回覧板, the radio pack and its return."""
