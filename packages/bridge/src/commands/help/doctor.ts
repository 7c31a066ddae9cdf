/** What `trien-bridge help doctor` prints. */
export const DOCTOR_HELP = `usage:
    trien-bridge doctor
    trien-bridge doctor --full
    trien-bridge doctor --json

Looks over everything that signing needs on this computer and says what to do about each thing that is not good.
Changes nothing and asks no PIN. What it prints may be pasted anywhere: it names no person, no computer, no site and
nothing that stands on a token. The exit code is 1 where something is bad.

    --full                say that too: for your own administrator alone
    --json                print JSON
    --port N              look for the bridge on this port
    --language vi|en      whatever the system's language
`
