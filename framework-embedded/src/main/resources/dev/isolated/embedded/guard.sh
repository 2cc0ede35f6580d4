# Runs a server in a directory of its own for as long as standard input stays open, which its parent holds. However the
# parent goes, the input ends, the server is stopped and the directory removed.
#   $1 the directory   $2 the data directory to copy   $3 who is to own it, or empty   then the server's command line
set -u
directory=$1 template=$2 owner=$3
shift 3
trap '' HUP INT TERM
exec 3<&0
# However this ends, a copy that failed included. The lock file goes last: as long as it is there, a later start looks here.
trap 'cd / && rm -rf "$directory" && rm -f "$directory.lock"' EXIT

cp -Rp "$template" "$directory/data" || exit 74
if [ -n "$owner" ]; then chown "$owner" "$directory" || exit 77; fi
cd "$directory" || exit 74

"$@" 3<&- </dev/null &
server=$!
(
  read -r _ <&3
  # A shell's background commands ignore QUIT until the server has its own handler, so one signal may be too early. With a
  # command that forks (su) the server is not our child; its own file knows it.
  for signal in QUIT QUIT QUIT QUIT QUIT QUIT QUIT QUIT KILL; do
    pid=$(head -n 1 data/postmaster.pid 2>/dev/null || echo $server)
    kill -$signal "$pid" 2>/dev/null || kill -$signal $server 2>/dev/null || break
    sleep 0.1
  done
) &
watcher=$!
wait $server
status=$?
kill -KILL $watcher 2>/dev/null
exit $status
