"""The words of alerts: what is sent, read aloud, printed, all made of one record.

- `template`: `Template`, `adopted`, `edited`, `template_dict`, `template_from`;
  `standard.standard_templates`, `standard.templates_from`;
- `languages`: a module for each; `vocabulary.VOCABULARIES`: words that stand in no template;
- `gazetteer.Gazetteer`: names and their readings; `reading.proposals.read_words`: what an engine
  believes of other words;
- `settings`: `WordingSettings`, `Links`, `wording_settings_from`;
- `rendering.render`: an alert → `rendered.Rendered`, all media and languages as plain data;
- `linter.check`: what stops it, what to look at, what is well (`findings.Finding`);
- `ruby`: readings in one line of text; `morae`: how long it takes to say.
"""
