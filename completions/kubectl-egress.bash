# bash completion for kubectl-egress. The bash-completion package is not needed.

# __kubectl_egress_offer TEXT DESCRIPTION: readline puts in what stands behind what it lets stand.
__kubectl_egress_offer() {
  local reply=$flag$1
  reply=${reply#"$stays"}
  [[ -n $quoted ]] || printf -v reply %q "$reply"
  COMPREPLY+=("$reply")
  explained+=("$2")
}

# __kubectl_egress_files ENDS: files whose names end so, and folders; without ENDS every file.
__kubectl_egress_files() {
  local file quoted=by-readline
  compopt -o filenames 2>/dev/null
  while IFS= read -r file; do
    [[ -n $1 && ! -d ${file/#\~\//$HOME/} && " $1 " != *" ${file##*.} "* ]] || __kubectl_egress_offer "$file" ''
  done < <(compgen -f -- "$value")
}

# A list for people has what the words mean, in columns.
__kubectl_egress_explain() {
  local i longest=0 room
  for i in "${COMPREPLY[@]}"; do
    ((${#i} <= longest)) || longest=${#i}
  done
  room=$((${COLUMNS:-80} - longest - 5))
  ((room > 10)) || return
  for i in "${!COMPREPLY[@]}"; do
    [[ -z ${explained[i]} ]] ||
      printf -v "COMPREPLY[i]" '%-*s  (%s)' "$longest" "${COMPREPLY[i]}" "${explained[i]:0:room}"
  done
}

_kubectl_egress() {
  local left=${COMP_LINE:0:COMP_POINT} words=() lines=() explained=() blanks piece i
  COMPREPLY=()
  # COMP_WORDS has them split at = and :, too.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    blanks=${left%%[![:space:]]*}
    left=${left:${#blanks}}
    piece=${COMP_WORDS[i]}
    ((i < COMP_CWORD)) || piece=$left
    left=${left:${#piece}}
    # Nothing of what is typed is run or looked up; only quotes go.
    piece=${piece//[\\\"\']/}
    if ((i > 0)) && [[ -z $blanks ]]; then
      words[${#words[@]} - 1]+=$piece
    else
      words+=("$piece")
    fi
  done

  local begun=${words[${#words[@]} - 1]} value quoted=''
  value=$begun
  [[ $begun != -*=* ]] || value=${begun#*=}
  [[ $piece != ["$COMP_WORDBREAKS"]* ]] || piece=''
  local flag=${begun%"$value"} stays=${begun%"$piece"}
  # Where a word breaks at @, that sign is replaced, too: readline takes the word for a host's name.
  stays=${stays%@}

  words=("${words[@]:1}")
  while IFS= read -r i; do
    lines+=("$i")
  done < <(kubectl-egress __complete "${words[@]/#\~\//$HOME/}" 2>/dev/null)
  ((${#lines[@]} > 0)) || return
  # The last line says what to do beside offering the others.
  local directive=${lines[${#lines[@]} - 1]#:}
  unset "lines[${#lines[@]} - 1]"
  [[ $directive =~ ^[0-9]+$ ]] || return

  if ((directive & 8)); then
    __kubectl_egress_files "${lines[*]}"
  elif ((${#lines[@]} > 0)); then
    ((!(directive & 2))) || compopt -o nospace 2>/dev/null
    for i in "${lines[@]}"; do
      piece=${i%%$'\t'*}
      i=${i:${#piece}}
      __kubectl_egress_offer "$piece" "${i#$'\t'}"
    done
    case ${#COMPREPLY[@]}-$COMP_TYPE in
      1-*) ;;
      *-33 | *-63 | *-64) __kubectl_egress_explain ;;
    esac
  elif ((!(directive & 4))); then
    __kubectl_egress_files ''
  fi
}

complete -F _kubectl_egress kubectl-egress
