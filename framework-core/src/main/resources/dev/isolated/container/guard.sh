# The first process of a container: runs a server until nobody needs it. When this shell ends, everything in the container
# ends with it.
#   $1 "input" to go on while standard input stays open, or for how many seconds the server may be without a connection
#   $2 the server's port   $3 the file that tells that it is about to stop   then the server's command line
lifetime=$1 port=$2 stopping=$3
shift 3
exec 3<&0

"$@" 3<&- </dev/null &
server=$!

# Some wait for their clients on TERM and do not on INT; a server whose data is in memory may also be cut off.
stop() {
  kill -TERM $server 2>/dev/null
  (sleep 1; kill -INT $server; sleep 1; kill -KILL $server) 2>/dev/null &
}
trap stop TERM INT

# How many connections there ever were, short ones included.
count() {
  while read -r name _ _ _ _ _ count _; do
    case "$name $count" in "Tcp: "[0-9]*) echo "$count" ;; esac
  done </proc/net/snmp
}

connected() {
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | while read -r _ here _ state _; do
    case "$here $state" in *":$hex 01") echo yes; break ;; esac
  done
}

# Whether somebody is connected, or was since this was asked before.
needed() {
  last=$before before=$(count)
  [ "$before" != "$last" ] || [ -n "$(connected)" ]
}

if [ "$lifetime" = input ]; then
  (while read -r _; do :; done <&3; kill -TERM 1) &
else
  hex=$(printf '%04X' "$port")
  (
    # Until it has had its first connection it is starting.
    left=$((lifetime + 60)) before=$(count)
    while [ "$left" -gt 0 ]; do
      sleep 1
      if needed; then left=$lifetime; else left=$((left - 1)); fi
      if [ "$left" -le 0 ]; then
        # Whoever connects and then finds this file does not stay; whoever does not find it is seen here.
        echo >"$stopping"
        if needed; then left=$lifetime; rm -f "$stopping"; fi
      fi
    done
    kill -TERM 1
  ) &
fi
exec 3<&-

wait $server
status=$?
while kill -0 $server 2>/dev/null; do
  wait $server
  status=$?
done
echo "the server ended with status $status" >&2
exit $status
