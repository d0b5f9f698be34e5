# bash completion for mxsel(1). No command is run and nothing is asked: every
# word stands here.
# Made by generate.py from the table of options: do not edit.

# The options of a command.
_mxsel_options()
{
	case $1 in
	explain)
		echo '--server --zone --demo --record --replay --timeout
		--mix-case --family --shuffle --seed --port --memory
		--store --store-login --self --self-interfaces --self-port
		--dane --dane-insecure-mx --sts-policy --requiretls
		--tls-optional --trust-ad --no-trust-ad --anchor
		--allow-loopback --allow-link-local --allow-network
		--refuse-private --nat64 --keep-duplicates
		--refuse-exchange --refuse-exchange-alias
		--allow-exchange-address --strict-null-mx --sender
		--implicit-on-nxdomain --ask-local --defer-no-host
		--defer-filtered --max-records --max-hosts --max-queries
		--max-aliases --max-host-addresses --max-addresses
		--max-attempts --json --fields --dot --color --quiet
		--version --help'
		;;
	lint)
		echo '--server --zone --demo --timeout --mix-case --port --dane
		--sts-policy --trust-ad --no-trust-ad --anchor
		--allow-loopback --allow-link-local --allow-network
		--nat64 --json --color --quiet --version --help'
		;;
	bulk)
		echo '--server --zone --demo --timeout --mix-case --family
		--shuffle --seed --port --memory --store --store-login
		--self --self-interfaces --self-port --dane
		--dane-insecure-mx --requiretls --tls-optional --trust-ad
		--no-trust-ad --anchor --allow-loopback --allow-link-local
		--allow-network --refuse-private --nat64 --keep-duplicates
		--refuse-exchange --refuse-exchange-alias
		--allow-exchange-address --strict-null-mx --sender
		--implicit-on-nxdomain --ask-local --defer-no-host
		--defer-filtered --max-records --max-hosts --max-queries
		--max-aliases --max-host-addresses --max-addresses
		--max-attempts --json --fields --quiet --version --help
		--unordered --concurrency --cache-size --progress --resume'
		;;
	memory)
		echo '--port --store --store-login --forget --forget-all --json
		--color --quiet --version --help'
		;;
	*)
		echo '--server --zone --demo --record --replay --timeout
		--mix-case --family --shuffle --seed --port --memory
		--store --store-login --self --self-interfaces --self-port
		--dane --dane-insecure-mx --sts-policy --requiretls
		--tls-optional --trust-ad --no-trust-ad --anchor
		--allow-loopback --allow-link-local --allow-network
		--refuse-private --nat64 --keep-duplicates
		--refuse-exchange --refuse-exchange-alias
		--allow-exchange-address --strict-null-mx --sender
		--implicit-on-nxdomain --ask-local --defer-no-host
		--defer-filtered --max-records --max-hosts --max-queries
		--max-aliases --max-host-addresses --max-addresses
		--max-attempts --json --fields --color --quiet --version
		--help'
		;;
	esac
}

# The words that an option takes; a status other than 0: it takes none.
_mxsel_words()
{
	case $1 in
	--family)
		echo 'interleave any v6first v4first v6only v4only'
		;;
	--shuffle)
		echo 'hosts addresses none'
		;;
	--dane-insecure-mx)
		echo 'dane encrypt may'
		;;
	--fields)
		echo 'destination domain unicode status verdict source ttl
		secure flags hosts rejected queries tlsrpt trace'
		;;
	--color)
		echo 'auto always never'
		;;
	--progress)
		echo 'auto always never'
		;;
	--help) echo 'plan explain lint bulk memory answers order ourselves security
		addresses exchanges verdict limits output many' ;;
	*) return 1 ;;
	esac
}

# Names of files, for _mxsel.
_mxsel_files()
{
	compopt -o filenames 2> /dev/null
	while IFS= read -r word; do
		COMPREPLY+=("$word")
	done < <(compgen -f -- "${cur#"$head"}")
}

_mxsel()
{
	local line=$COMP_LINE word cur option= first= head= i n=-1 list
	local rest=0
	local -a words
	local IFS=$' \t\n'

	# Words as mxsel gets them: bash splits at = : and @, too.
	for ((i = 0; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ $n == -1 || $line == [[:blank:]]* ]]; then
			words[++n]=$word
			while [[ $line == [[:blank:]]* ]]; do
				line=${line#?}
			done
		else
			words[n]+=$word
		fi
		line=${line#"$word"}
	done
	cur=${words[n]}

	for ((i = 1; i < n; i++)); do
		word=${words[i]}
		if [[ -n $option ]]; then
			option=
			continue
		fi
		case $word in
		--) return ;;
		--server | --zone | --record | --replay | --timeout | \
		--family | --shuffle | --seed | --port | --memory | --store | \
		--store-login | --forget | --self | --self-port | \
		--dane-insecure-mx | --sts-policy | --anchor | \
		--allow-network | --nat64 | --refuse-exchange | \
		--max-records | --max-hosts | --max-queries | \
		--max-aliases | --max-host-addresses | --max-addresses | \
		--max-attempts | --fields | --color | --concurrency | \
		--cache-size | --progress | --resume)
			option=$word ;;
		--help) option=$word ;;
		-*) ;;
		*)
			[[ -z $first ]] || rest=$((rest + 1))
			first=${first:-$word}
			;;
		esac
	done
	if [[ -z $option && $cur == --*=* ]]; then
		option=${cur%%=*} head=$option=
	fi

	COMPREPLY=()
	case $option in
	'')
		if [[ $cur == -* ]]; then
			list=$(_mxsel_options "$first")
		elif [[ -z $first ]]; then
			list='plan explain lint bulk memory'
		elif [[ $first == memory && $rest == 0 ]]; then
			_mxsel_files
			return
		fi
		COMPREPLY=($(compgen -W "$list" -- "$cur"))
		;;
	--zone | --record | --replay | --memory | --store-login | \
	--sts-policy | --anchor | --resume)
		_mxsel_files
		;;
	--fields)
		cur=${cur#"$head"}
		word=
		[[ $cur != *,* ]] || word=${cur%,*},
		compopt -o nospace 2> /dev/null
		COMPREPLY=($(compgen -P "$word" -W "$(_mxsel_words --fields)" \
			-- "${cur##*,}"))
		;;
	*)
		list=$(_mxsel_words "$option") || return
		COMPREPLY=($(compgen -W "$list" -- "${cur#"$head"}"))
		;;
	esac
	# Where bash does not split at = the whole word is replaced.
	if [[ -n $head && $COMP_WORDBREAKS != *=* ]]; then
		COMPREPLY=("${COMPREPLY[@]/#/$head}")
	fi
}

complete -F _mxsel mxsel
