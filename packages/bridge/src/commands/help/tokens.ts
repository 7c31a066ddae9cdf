/** What `trien-bridge help tokens` prints. */
export const TOKENS_HELP = `usage:
    trien-bridge tokens
    trien-bridge tokens --json
    trien-bridge tokens change-pin [TOKEN]
    trien-bridge tokens unblock [TOKEN]

Shows what the PKCS#11 modules of this computer have, and why one of them cannot be used. Asks no PIN.

    --module FILE         look at this PKCS#11 module alone; may be given again
    --json                print JSON

    change-pin            replace the PIN; the dialog asks for the PIN now, and twice for the new one
    unblock               unlock the token by its PUK and set a new PIN
    TOKEN                 serial number or label, as "tokens" shows them; needed where there is more than one token
    --pinentry PROGRAM    ask through this pinentry
    --language vi|en      whatever the system's language

PINs and the PUK are typed into a dialog, never here, and the journal notes how it ended. The exit code is 1 where the
PIN stays as it was. A token that a page is signing with just now is left alone.
`
