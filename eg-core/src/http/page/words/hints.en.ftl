# Hints: those that stand, their library and their form, in English.
hint = Hint:
hint-give = Give a hint
hint-display = room display
hint-ends = time left
hint-take-away = Take away
hint-search = Find a hint
hint-text = Text for players
hint-english = In English too
hint-english-means = The same text in English, for pages in English
hint-where = Where
hint-time = For how long
hint-for-good = until it is taken away
hints-given = { $n ->
    [0] no hints given
    [one] { $n } hint given
   *[other] { $n } hints given
}
hints-prepared = Prepared
hints-before = Given before
hints-none = No hints prepared (`hints` in the room’s settings), and none given so far.

# Forced inputs.
force = Force an input
force-means = The game takes the input for what you say, until it truly changes, you release it or the session ends.
force-on = On
force-off = Off
force-no-tag = no tag
force-tag = Tag that lies there (empty: none)
force-value = Value
force-set = Force
force-unheard = this slot has not told its inputs yet
force-release = Release
forced = Forced input:
act-force = input forced
act-release = input released
