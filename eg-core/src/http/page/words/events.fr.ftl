# Events, in French.
events = Événements
events-none = Rien encore.
counts = { $stored } enregistrés · { $duplicates } doublons écartés · { $missing } manquants · { $quarantined } illisibles
kind-event = entrée
kind-vote = vote
kind-played = joué
kind-act = action
kind-request = demande
kind-timer = minuterie
kind-result = résultat
kind-refused = refusé
kind-resumed = reprise
kind-gap = manque
kind-status = état
kind-note = note
kind-unreadable = illisible
veiled = secret
