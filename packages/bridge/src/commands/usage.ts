/** What `trien-bridge` prints when it is asked nothing. */
export const USAGE = `usage:
    trien-bridge serve

    trien-bridge --help
    trien-bridge --version
`

/** What `--help` prints after the usage. */
export const HELP = `
options of serve:
    --port N              listen on this port only; 0 takes any free one

The bridge listens on 127.0.0.1 and ::1, never on another interface. Pages reach it at ws://127.0.0.1:27480/v1
(or the next four ports). They need an https origin and learn nothing before the person has agreed.
`
