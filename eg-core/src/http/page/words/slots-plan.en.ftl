# Plan of the slots, in English.
slots-filter = Filter slots
slots-arrange = Arrange
slots-arrange-help = Drag slots to where they stand in the room, or go to one and move it by the arrow keys; Delete puts it back into the list. Press Arrange again when you are done.
slots-moved = { "{" }slot{ "}" }: column { "{" }x{ "}" }, row { "{" }y{ "}" }
slots-listed = { "{" }slot{ "}" } is back in the list
slots-elsewhere = In no room
tile-twin = two machines of this name
act-plan = slot moved on the plan
