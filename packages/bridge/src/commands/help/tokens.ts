/** What `trien-bridge help tokens` prints. */
export const TOKENS_HELP = `usage:
    trien-bridge tokens
    trien-bridge tokens --json

Shows what the PKCS#11 modules of this computer have, and why one of them cannot be used. Asks no PIN.

    --module FILE         look at this PKCS#11 module alone; may be given again
    --json                print JSON
`
