"""The words of alerts: what is sent, read aloud, printed, all made of one record.

- `template`: `Template`, `adopted`, `edited`, `template_dict`, `template_from`;
  `standard.standard_templates`, `standard.templates_from`;
- `gazetteer.Gazetteer`: names and their readings; `reading.proposals.proposals`: what an engine
  proposes for a person to confirm;
- `settings`: `WordingSettings`, `Links`, `wording_settings_from`;
- `rendering.render`: an alert → `rendered.Rendered`, all media and languages as plain data;
- `linter.check`: what stops it, what to look at, what is well (`findings.Finding`);
- `ruby`: readings in one line of text; `morae`: how long it takes to say.
"""
