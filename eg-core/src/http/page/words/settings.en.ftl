# Settings of rooms and games, in English.
settings-of = Settings of room { $room }
settings-back = Back
settings-form-means = What is left as it is follows the game’s default. Everything is checked as you write, exactly as the file is.
settings-next = The next session
settings-text = As text (YAML)
settings-text-means = The form and this text are the same: whichever you change, the other follows.
settings-take = To take away: for core.yaml
settings-copy = Copy
settings-copied = Copied.
settings-download = Download
settings-right = All of it is right.
settings-wrong = { $n ->
    [one] One thing is not right yet.
   *[other] { $n } things are not right yet.
 }
settings-line = line { $at }
settings-saved-by = Saved by { $by },
settings-same = The same as in the file.
settings-differ = { $n ->
    [one] One key differs from the file
   *[other] { $n } keys differ from the file
 }
settings-in-file = (in the file: { $value })
settings-unsaid = not written
settings-running = A session is running: it keeps the settings that it began with.
settings-start = Start with these settings
settings-keep = Save for this room
settings-keep-means = Saved settings count from the next session on. The file stays as it is; you can go back to it at any time.
settings-use-means = Starting uses them once. An operator can save them for the room.
settings-forget = Back to the file
settings-forget-means = The next session starts with the settings of the file again; the saved ones are gone.
settings-none = none
settings-on = Use this
settings-number = Number
settings-add = Add: { $list }
settings-up = Move up: { $item }
settings-remove = Remove: { $item }
settings-remove-plain = Remove
settings-key = Input { $n }
settings-value = Means { $n }
settings-default = Default: { $value }
settings-between = From { $least } to { $most }.
settings-least = From { $least }.
settings-span = A time such as 500ms, 20s or 1m30s.
settings-lines = One in each line.
act-settings = settings
act-settings-of-file = settings of the file
