"""Papers that people read aloud or hang up, made of one alert and its renderings.

- `announcement.announcement`: the loudspeaker's script, with cues, morae and seconds;
- `radio.radio_sheet`: for the community radio; `car.car_script`, `car.recall`: for the cars;
- `paper.crawls`, `paper.posters`, `paper.circular`, `paper.return_sheet`: what is shown, hung up,
  passed on, and filled in and brought back;
- `voice.voice_script`: for the telephone. All are made of `spoken` and `lines`.

Each is a frozen dataclass with `to_dict`, plain data that a page or a typst template shows as it
is. A drill is marked at head and tail of each, has no colour of a level, no chime and no siren.
"""
