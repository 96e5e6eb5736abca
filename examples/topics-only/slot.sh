#!/usr/bin/env bash
# A slot without an agent: everything that it does is MQTT, here with mosquitto-clients and sha256sum.
# Whatever speaks MQTT can do the same: an ESP32, an Arduino, a PLC.
#
#   slot.sh adopt              asks to be adopted, shows the code, and waits until somebody has pressed Adopt
#   slot.sh hello              says what hangs on the slot: once after each start
#   slot.sh press INPUT        a button goes down and up; ends once the core has stored both
#   slot.sh listen             prints what the core asks of the outputs, a line each
#   slot.sh bye                says that the slot goes
#
# CORE_HOST, MQTT_PORT and SLOT_ID say where and who; STATE is a folder that outlives a restart.
set -euo pipefail
host=${CORE_HOST:-127.0.0.1} port=${MQTT_PORT:-1883} slot=${SLOT_ID:-slot-09} state=${STATE:-./$slot}
mkdir -p "$state"
chmod 700 "$state"

# The slot's identity: 26 characters, 130 bits, drawn once. Whoever has it is this slot.
secret() {
  [ -s "$state/secret" ] || (umask 077 && head -c 512 /dev/urandom | LC_ALL=C tr -dc a-km-np-z2-9 | head -c 26 > "$state/secret")
  cat "$state/secret"
}

# A start of the slot, as a ULID, and the number of its last event. Numbers have no holes: a hole is a press that was lost.
boot() {
  [ -s "$state/boot" ] || { printf '01%s' "$(head -c 512 /dev/urandom | LC_ALL=C tr -dc 0-9A-HJKMNP-TV-Z | head -c 24)" > "$state/boot"; rm -f "$state/seq"; }
  cat "$state/boot"
}

say() { # TOPIC PAYLOAD [more]: QoS 1, so that the broker has it when this ends
  mosquitto_pub -V 5 -h "$host" -p "$port" -i "$slot" -u "$slot" -P "$(secret)" -q 1 -t "eg/dev/$slot/$1" -m "$2" "${@:3}"
}

adopt() {
  local digest ask answer=
  digest=$(secret | sha256sum | cut -d' ' -f1)
  ask='{"v":1,"slot":"'$slot'","version":"shell","machine":"'$(uname -n)'","secret_sha256":"'$digest'","boards":["panel (buttons)"]}'
  # Who has no right yet connects as `pairing` with the id `pair-SLOT`, and may ask for nothing but its adoption.
  until [[ $answer == *'"adopted":true'* ]]; do
    answer=$(mosquitto_rr -V 5 -h "$host" -p "$port" -u pairing -P pairing -i "pair-$slot" -q 1 -W 15 \
      -t "eg/pair/$slot" -e "eg/pair/$slot/answer" -m "$ask") || true
    [[ $answer == *'"adopted":true'* ]] || { echo "$slot waits for its adoption"; sleep "${AGAIN:-2}"; }
  done
  echo "$slot is adopted"
}

hello() {
  rm -f "$state/boot"
  say hello '{"type":"slot","version":"shell","boot":"'$(boot)'","devices":[{"name":"panel","driver":"shell","inputs":["a","b"],"outputs":["lamp"]}]}' -r
  say input/status '{"status":"online","device_id":"'$slot'","button_count":2,"led_count":1,"capabilities":["buttons","leds"],"devices":{"panel":{"state":"ready"}}}' -r
  say status online -r
}

event() { # INPUT KIND
  local seq=$(($(cat "$state/seq" 2> /dev/null || echo 0) + 1))
  echo "$seq" > "$state/seq"
  # It knows no clock but its own, and says so: the core goes by the arrival.
  printf '{"v":1,"boot":"%s","seq":%d,"device":"panel","input":"%s","kind":"%s","t":{"core_us":null,"unc_us":500000,"src":"driver"},"late":false,"sim":false,"data":{}}' \
    "$(boot)" "$seq" "$1" "$2"
}

press() {
  local events heard= last
  boot > /dev/null
  events="[$(event "$1" press),$(event "$1" release)]"
  last=$(cat "$state/seq")
  # A real slot keeps this on its disk until the core has acknowledged it; sent twice, it counts once.
  until [[ $heard =~ \"seq\":([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -ge "$last" ]; do
    heard=$(mosquitto_rr -V 5 -h "$host" -p "$port" -i "$slot" -u "$slot" -P "$(secret)" -q 1 -W 5 \
      -t "eg/dev/$slot/input/event" -e "eg/dev/$slot/input/ack" -m "$events") || true
  done
  echo "stored: $1"
}

listen() {
  mosquitto_sub -V 5 -h "$host" -p "$port" -i "$slot" -u "$slot" -P "$(secret)" -q 1 -t "eg/dev/$slot/cmd"
}

case ${1:-} in
  adopt | hello | listen) "$1" ;;
  press) press "${2:?which input?}" ;;
  bye) say status offline -r ;;
  *) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
