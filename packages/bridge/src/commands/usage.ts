/** What `trien-bridge` prints when it is asked nothing. */
export const USAGE = `usage:
    trien-bridge serve --demo
    trien-bridge serve --module /usr/lib/softhsm/libsofthsm2.so
    trien-bridge tokens --module /usr/lib/softhsm/libsofthsm2.so

    trien-bridge --help
    trien-bridge --version
`

/** What `--help` prints after the usage. */
export const HELP = `
options of serve:
    --module FILE         serve the tokens of this PKCS#11 module; may be given again
    --demo                serve the embedded token: throw-away certificates that say DEMO
    --demo-ca FILE        write the certificate of their authority to FILE (PEM)
    --port N              listen on this port only; 0 takes any free one
    --pinentry PROGRAM    ask through this pinentry
    --language vi|en      speak this language, whatever the page's

options of tokens:
    --module FILE         look at this PKCS#11 module; may be given again
    --json                print JSON

The bridge listens on 127.0.0.1 and ::1, never on another interface. Pages reach it at ws://127.0.0.1:27480/v1
(or the next four ports). They need an https origin and learn nothing before the person has agreed.
`
