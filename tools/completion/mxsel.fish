# fish completion for mxsel(1). No command is run and nothing is asked: every
# word stands here.
# Made by generate.py from the table of options: do not edit.

# The first word that is no option and no value of one.
function __mxsel_first
	set -l words (commandline -opc)
	set -l is_value no
	for word in $words[2..-1]
		if test $is_value = yes
			set is_value no
			continue
		end
		switch $word
			case --server --zone --record --replay --timeout \
				--family --shuffle --seed --port --memory \
				--store --store-login --forget --self \
				--self-port --dane-insecure-mx --sts-policy \
				--anchor --allow-network --nat64 \
				--refuse-exchange --max-records --max-hosts \
				--max-queries --max-aliases \
				--max-host-addresses --max-addresses \
				--max-attempts --fields --color \
				--concurrency --cache-size --progress \
				--resume
				set is_value yes
			case --
				echo $word
				return
			case '-*'
			case '*'
				echo $word
				return
		end
	end
	return 1
end

# Is this one of these commands? Without a name it is plan.
function __mxsel_is
	set -l first (__mxsel_first)
	contains -- "$first" plan explain lint bulk memory
	or set first plan
	contains -- $first $argv
end

complete -c mxsel -f
complete -c mxsel -n 'not __mxsel_first > /dev/null' \
	-a plan -d 'the hosts that take mail, in the order to try'
complete -c mxsel -n 'not __mxsel_first > /dev/null' \
	-a explain -d 'the same as a tree, with every decision'
complete -c mxsel -n 'not __mxsel_first > /dev/null' \
	-a lint -d 'what is wrong with the mail DNS of a domain'
complete -c mxsel -n 'not __mxsel_first > /dev/null' \
	-a bulk -d 'one line of JSON for each line of standard input'
complete -c mxsel -n 'not __mxsel_first > /dev/null' \
	-a memory -d 'how hosts behaved, from a file or a cluster'

complete -c mxsel -n '__mxsel_is plan explain lint bulk' \
	-l server -x -d 'ask this name server (repeatable)'
complete -c mxsel -n '__mxsel_is plan explain lint bulk' \
	-l zone -r -F -d 'answer from this master file (repeatable)'
complete -c mxsel -n '__mxsel_is plan explain lint bulk' \
	-l demo -d 'answer from a built-in zone of examples'
complete -c mxsel -n '__mxsel_is plan explain' \
	-l record -r -F -d 'write every answer to this file'
complete -c mxsel -n '__mxsel_is plan explain' \
	-l replay -r -F -d 'answer from a file that --record wrote'
complete -c mxsel -n '__mxsel_is plan explain lint bulk' \
	-l timeout -x -d 'how long the DNS may take for each (30)'
complete -c mxsel -n '__mxsel_is plan explain lint bulk' \
	-l mix-case -d 'ask in mixed letters, against forgers'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-a 'interleave any v6first v4first v6only v4only' \
	-l family -x -d 'how IPv4 and IPv6 addresses are ordered'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-a 'hosts addresses none' \
	-l shuffle -x -d 'what is shuffled among equals'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l seed -x -d 'the same order of equals each time'
complete -c mxsel -n '__mxsel_is plan explain lint bulk memory' \
	-l port -x -d 'the TCP port to connect to (25)'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l memory -r -F -d 'how hosts behaved: failed ones behind equals'
complete -c mxsel -n '__mxsel_is plan explain bulk memory' \
	-l store -x -d 'the same of a cluster, from Valkey or Redis'
complete -c mxsel -n '__mxsel_is plan explain bulk memory' \
	-l store-login -r -F -d 'USER:PASSWORD or the password for it'
complete -c mxsel -n '__mxsel_is memory' \
	-l forget -x -d 'forget this host or address (repeatable)'
complete -c mxsel -n '__mxsel_is memory' \
	-l forget-all -d 'forget all that the file knows'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l self -x -d 'this machine takes mail here (repeatable)'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l self-interfaces -d 'the addresses of all interfaces are ours'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l self-port -x -d 'the port where this machine takes mail (25)'
complete -c mxsel -n '__mxsel_is plan explain lint bulk' \
	-l dane -d 'look up TLSA records (RFC 7672)'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-a 'dane encrypt may' \
	-l dane-insecure-mx -x -d 'what they mean without DNSSEC of the MX'
complete -c mxsel -n '__mxsel_is plan explain lint' \
	-l sts-policy -r -F -d 'the MTA-STS policy (RFC 8461)'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l requiretls -d 'the message asks for REQUIRETLS'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l tls-optional -d 'the message says TLS-Required: No'
complete -c mxsel -n '__mxsel_is plan explain lint bulk' \
	-l trust-ad -d 'believe the name servers about DNSSEC'
complete -c mxsel -n '__mxsel_is plan explain lint bulk' \
	-l no-trust-ad -d 'do not believe them'
complete -c mxsel -n '__mxsel_is plan explain lint bulk' \
	-l anchor -r -F -d 'validate here, from this anchor (repeatable)'
complete -c mxsel -n '__mxsel_is plan explain lint bulk' \
	-l allow-loopback -d 'loopback addresses are fine'
complete -c mxsel -n '__mxsel_is plan explain lint bulk' \
	-l allow-link-local -d 'link-local addresses are fine'
complete -c mxsel -n '__mxsel_is plan explain lint bulk' \
	-l allow-network -x -d 'addresses of this network are fine (repeatable)'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l refuse-private -d 'private addresses are refused'
complete -c mxsel -n '__mxsel_is plan explain lint bulk' \
	-l nat64 -x -d 'what stands for IPv4 addresses (repeatable)'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l keep-duplicates -d 'show an address with each host that has it'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l refuse-exchange -x -d 'refuse MX hosts by name (repeatable)'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l refuse-exchange-alias -d 'an MX host that is an alias is not used'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l allow-exchange-address -d 'an address in place of a name is used'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l strict-null-mx -d 'a null MX beside others counts'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l sender -d 'it is the domain of a sender'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l implicit-on-nxdomain -d 'NXDOMAIN is as no MX records'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l ask-local -d 'names under .local are asked'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l defer-no-host -d 'defer where no host has an address'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l defer-filtered -d 'defer where all were refused'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l max-records -x -d 'MX records considered (100)'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l max-hosts -x -d 'hosts used (16)'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l max-queries -x -d 'questions for a destination (40)'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l max-aliases -x -d 'aliases followed in a row (10)'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l max-host-addresses -x -d 'addresses used of a host (16)'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l max-addresses -x -d 'addresses in all (64)'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-l max-attempts -x -d 'attempts, shared fairly (0)'
complete -c mxsel -n '__mxsel_is plan explain lint bulk memory' \
	-l json -d 'one JSON object a line'
complete -c mxsel -n '__mxsel_is plan explain bulk' \
	-a "(__fish_append , destination domain unicode status verdict source \
		ttl secure flags hosts rejected queries tlsrpt \
		trace)" \
	-l fields -x -d 'these keys of an object only, no space between'
complete -c mxsel -n '__mxsel_is explain' \
	-l dot -d 'a graph in the language of Graphviz'
complete -c mxsel -n '__mxsel_is plan explain lint memory' \
	-a 'auto always never' \
	-l color -x -d 'when to use colour'
complete -c mxsel -n '__mxsel_is plan explain lint bulk memory' \
	-l quiet -d 'print no plan: the exit status tells'
complete -c mxsel -n '__mxsel_is plan explain lint bulk memory' \
	-l version -d 'print the version'
complete -c mxsel -n '__mxsel_is plan explain lint bulk memory' \
	-l help -s h -d 'of a command, or of a group of options'
complete -c mxsel -n '__mxsel_is bulk' \
	-l unordered -d 'each line as soon as it is known'
complete -c mxsel -n '__mxsel_is bulk' \
	-l concurrency -x -d 'so many at a time (1000)'
complete -c mxsel -n '__mxsel_is bulk' \
	-l cache-size -x -d 'memory for answers (16M)'
complete -c mxsel -n '__mxsel_is bulk' \
	-a 'auto always never' \
	-l progress -x -d 'when to show how far it is'
complete -c mxsel -n '__mxsel_is bulk' \
	-l resume -r -F -d 'keep in it how far it is; go on from there'
complete -c mxsel -n '__mxsel_is memory' -F
complete -c mxsel -n '__fish_seen_argument -l help' \
	-a 'plan explain lint bulk memory answers order ourselves
		security addresses exchanges verdict limits output many'
