# The host of one server: keeps it for all JVMs of a user, for as long as one of them needs it and some time more, and
# leaves nothing behind. A JVM that uses the server keeps the FIFO "clients" open; it has said "join <name>" there, and
# says "leave <name>" before it ends in an orderly way. The end of the FIFO tells that none is left, however they went.
#   $1 the directory   $2 the data directory to copy   $3 who is to own it, or empty
#   $4 for how many seconds to stay without a client   $5 the log file   $6 "drop" if that goes with a server that
#   was left in an orderly way   then the server's command line
set -u
umask 077
directory=$1 template=$2 owner=$3 patience=$4 log=$5 fate=$6
shift 6
trap '' HUP INT
cd "$directory" || exit 74

# Stops the server and removes the directory. Whoever lives to do it does it: host, watcher and parent.
bury() {
  # A server that has not installed its handlers yet ignores QUIT, so one signal may be too early.
  for signal in QUIT QUIT QUIT QUIT QUIT QUIT QUIT QUIT KILL; do
    # A command that changes the user may fork, so the server's own file knows it better than its parent.
    pid=$(head -n 1 data/*.pid 2>/dev/null || cat server 2>/dev/null) || break
    kill -$signal "$pid" 2>/dev/null || break
    sleep 0.1
  done
  cd /
  for attempt in 1 2 3 4 5 6 7 8 9; do
    rm -rf "$directory" 2>/dev/null && break
    sleep 0.1
  done
}

# What the server says, in two files of a few megabytes at most.
keep_log() {
  before=-1
  while dd bs=4k count=1000 2>/dev/null >>"$log"; size=$(wc -c <"$log"); [ "$size" -ne $before ]; do
    before=$size
    if [ "$size" -gt 4000000 ]; then mv "$log" "$log.1"; before=-1; fi
  done
}

# The server works below the directory and its host in the directory itself, by which a later start tells them apart.
serve() {
  cd data || return
  "$@" </dev/null &
  echo $! >../server
  wait $!
  echo "the server ended with status $?"
  rm -f ../server
  echo ended 1<>../clients
}

# Says "idle <number>" when the time is over, unless somebody has come or the directory has gone before.
count_down() {
  cd /
  left=$patience
  while [ "$left" -gt 0 ] && [ -e "$directory/idle.$1" ]; do
    sleep 1
    left=$((left - 1))
  done
  if [ -e "$directory/idle.$1" ]; then echo "idle $1" 1<>"$directory/clients"; fi
}

host() {
  cp -Rp "$template" data || return
  if [ -n "$owner" ]; then chown "$owner" . || return; fi
  mkfifo alive clients || return
  # The first keeps the FIFO from ending while nobody is there.
  exec 3<>clients 4<clients
  # Every process of the server has "alive" open, and who keeps its log: when that ends, all has been said.
  { serve "$@" 2>&1 | keep_log; } 3>&- 4<&- 5<>alive >&2 &
  # Input that ends without a word is the end of the JVM that wanted the server.
  read -r started || return
  exec </dev/null
  present=" " pause=0
  while :; do
    if read -r word name <&4; then
      case $word in
        join)
          present="$present$name "
          rm -f idle.*
          : >"joined.$name"
          exec 3>&-
          ;;
        leave)
          present="${present%% $name *} ${present#* $name }"
          rm -f "joined.$name"
          ;;
        idle) if [ "$name" = $pause ]; then break; fi ;;
        ended)
          fate=keep
          break
          ;;
      esac
    elif [ "$present" != " " ] || [ "$patience" -eq 0 ]; then
      # Who goes without a word was killed, and what it has left on the server goes with it.
      break
    else
      exec 3<>clients
      pause=$((pause + 1))
      : >idle.$pause
      count_down $pause 3>&- 4<&- >&2 &
    fi
  done
  bury
  if [ "$fate" = drop ]; then rm -f "$log" "$log.1"; fi
}

host "$@" | { read -r end; bury; }
bury
