# Events, in English.
events = Events
events-none = Nothing yet.
counts = { $stored } stored · { $duplicates } duplicates dropped · { $missing } missing · { $quarantined } unreadable
kind-event = input
kind-vote = vote
kind-played = played
kind-act = act
kind-request = request
kind-timer = timer
kind-result = result
kind-refused = refused
kind-resumed = resumed
kind-gap = gap
kind-status = status
kind-note = note
kind-unreadable = unreadable
veiled = secret
