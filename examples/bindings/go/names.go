// The numbers of the library as types of Go, each with its name.

package mxsel

// #include <mxsel/mxsel.h>
// #include <mxsel/security.h>
import "C"

import "strconv"

// An Action is what to do with the mail.
type Action int

// Actions.
const (
	Try       Action = C.MXSEL_ACTION_TRY
	Delivered Action = C.MXSEL_ACTION_DELIVERED
	Defer     Action = C.MXSEL_ACTION_DEFER
	Bounce    Action = C.MXSEL_ACTION_BOUNCE
)

// A Reason is why.
type Reason int

// Reasons.
const (
	ReasonOK             Reason = C.MXSEL_REASON_OK
	ReasonNullMX         Reason = C.MXSEL_REASON_NULL_MX
	ReasonNoDomain       Reason = C.MXSEL_REASON_NO_DOMAIN
	ReasonNoHost         Reason = C.MXSEL_REASON_NO_HOST
	ReasonLoop           Reason = C.MXSEL_REASON_LOOP
	ReasonBadDestination Reason = C.MXSEL_REASON_BAD_DESTINATION
	ReasonDNSTemporary   Reason = C.MXSEL_REASON_DNS_TEMPORARY
	ReasonFiltered       Reason = C.MXSEL_REASON_FILTERED
	ReasonPolicy         Reason = C.MXSEL_REASON_POLICY
	ReasonUnreachable    Reason = C.MXSEL_REASON_UNREACHABLE
	ReasonDelivered      Reason = C.MXSEL_REASON_DELIVERED
	ReasonReply          Reason = C.MXSEL_REASON_REPLY
)

// An Outcome is what became of an attempt.
type Outcome int

// Outcomes.
const (
	OutcomeDelivered  Outcome = C.MXSEL_OUTCOME_DELIVERED
	OutcomeRefused    Outcome = C.MXSEL_OUTCOME_REFUSED
	OutcomeTimeout    Outcome = C.MXSEL_OUTCOME_TIMEOUT
	OutcomeGreeting   Outcome = C.MXSEL_OUTCOME_GREETING
	OutcomeEHLO       Outcome = C.MXSEL_OUTCOME_EHLO
	OutcomeTLS        Outcome = C.MXSEL_OUTCOME_TLS
	OutcomePolicy     Outcome = C.MXSEL_OUTCOME_POLICY
	OutcomeMail       Outcome = C.MXSEL_OUTCOME_MAIL
	OutcomeRcpt       Outcome = C.MXSEL_OUTCOME_RCPT
	OutcomeData       Outcome = C.MXSEL_OUTCOME_DATA
	OutcomeLost       Outcome = C.MXSEL_OUTCOME_LOST
	OutcomeOwnName    Outcome = C.MXSEL_OUTCOME_OWN_NAME
	OutcomeRequireTLS Outcome = C.MXSEL_OUTCOME_REQUIRETLS
)

// A Posture is what TLS must be for an attempt; the higher, the stronger.
type Posture int

// Postures.
const (
	Opportunistic Posture = C.MXSEL_POSTURE_OPPORTUNISTIC
	Encrypt       Posture = C.MXSEL_POSTURE_ENCRYPT
	PKIX          Posture = C.MXSEL_POSTURE_PKIX
	DANE          Posture = C.MXSEL_POSTURE_DANE
)

// A PlanSource is where hosts come from.
type PlanSource int

// Where hosts come from.
const (
	FromNothing PlanSource = C.MXSEL_SOURCE_NONE
	FromMX      PlanSource = C.MXSEL_SOURCE_MX
	Implicit    PlanSource = C.MXSEL_SOURCE_IMPLICIT
	Literal     PlanSource = C.MXSEL_SOURCE_LITERAL
	Static      PlanSource = C.MXSEL_SOURCE_STATIC
)

// A Reject is why a host or an address is not used.
type Reject int

// A Security is what DNSSEC says of an answer.
type Security int

// Securities. Only Secure is ever an upgrade; Bogus is a failure.
const (
	Indeterminate Security = C.MXSEL_SECURITY_INDETERMINATE
	Insecure      Security = C.MXSEL_SECURITY_INSECURE
	Secure        Security = C.MXSEL_SECURITY_SECURE
	Bogus         Security = C.MXSEL_SECURITY_BOGUS
)

// A Type is one of a DNS record; the DNS's own numbers.
type Type uint16

// Types that are asked; CNAME and TLSA only for DANE.
const (
	TypeA     Type = C.MXSEL_TYPE_A
	TypeCNAME Type = C.MXSEL_TYPE_CNAME
	TypeMX    Type = C.MXSEL_TYPE_MX
	TypeAAAA  Type = C.MXSEL_TYPE_AAAA
	TypeTLSA  Type = C.MXSEL_TYPE_TLSA
)

// An End is how a question ended.
type End int

// Ends. Complete with no record means that there is none.
const (
	Complete  End = C.MXSEL_DNS_COMPLETE
	NXDomain  End = C.MXSEL_DNS_NXDOMAIN
	ServFail  End = C.MXSEL_DNS_SERVFAIL
	Refused   End = C.MXSEL_DNS_REFUSED
	FormErr   End = C.MXSEL_DNS_FORMERR
	NotImp    End = C.MXSEL_DNS_NOTIMP
	OtherCode End = C.MXSEL_DNS_RCODE
	Timeout   End = C.MXSEL_DNS_TIMEOUT
	Truncated End = C.MXSEL_DNS_TRUNCATED
	Malformed End = C.MXSEL_DNS_MALFORMED
	Network   End = C.MXSEL_DNS_NETWORK
	Referral  End = C.MXSEL_DNS_REFERRAL
)

func named(name *C.char, number int) string {
	if name == nil {
		return strconv.Itoa(number)
	}
	return C.GoString(name)
}

func (a Action) String() string {
	return named(C.mxsel_action_name(C.int(a)), int(a))
}

func (r Reason) String() string {
	return named(C.mxsel_reason_name(C.int(r)), int(r))
}

func (o Outcome) String() string {
	return named(C.mxsel_outcome_name(C.int(o)), int(o))
}

// HasCode says whether the outcome is a reply, whose code Report wants.
func (o Outcome) HasCode() bool {
	switch o {
	case OutcomeGreeting, OutcomeEHLO, OutcomeMail, OutcomeRcpt,
		OutcomeData:
		return true
	}
	return false
}

// OutcomeNamed finds an outcome by its name.
func OutcomeNamed(name string) (Outcome, bool) {
	for o := OutcomeDelivered; ; o++ {
		n := C.mxsel_outcome_name(C.int(o))
		if n == nil {
			return 0, false
		}
		if C.GoString(n) == name {
			return o, true
		}
	}
}

func (p Posture) String() string {
	return named(C.mxsel_posture_name(C.int(p)), int(p))
}

func (s PlanSource) String() string {
	return named(C.mxsel_source_name(C.int(s)), int(s))
}

func (r Reject) String() string {
	return named(C.mxsel_reject_name(C.int(r)), int(r))
}

func (t Type) String() string {
	switch t {
	case TypeA:
		return "A"
	case TypeCNAME:
		return "CNAME"
	case TypeMX:
		return "MX"
	case TypeAAAA:
		return "AAAA"
	case TypeTLSA:
		return "TLSA"
	}
	return "TYPE" + strconv.Itoa(int(t))
}
