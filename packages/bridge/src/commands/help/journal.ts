/** What `trien-bridge help journal` prints. */
export const JOURNAL_HELP = `usage:
    trien-bridge journal
    trien-bridge journal verify
    trien-bridge journal summary

Shows what was asked to be signed, which PINs were changed or unlocked, and how it ended, since the bridge was installed.

    --json, --csv         print JSON, or a table for spreadsheets
    verify                check every line; says where the journal was changed or cut; with --json as JSON
    summary               count documents by month, origin and certificate, and changes of PINs by token; with --json as
                          JSON
`
