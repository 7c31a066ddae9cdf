/** What `trien-bridge help serve` prints. */
export const SERVE_HELP = `usage:
    trien-bridge serve
    trien-bridge serve --module /usr/lib/your-token.so
    trien-bridge serve --demo

Lets pages sign with the tokens of this computer, until it is ended.

    --module FILE         serve the tokens of this PKCS#11 module alone; may be given again
    --no-discovery        look for no module
    --demo                serve the embedded token alone: throw-away certificates that say DEMO
    --demo-ca FILE        write the certificate of their authority to FILE (PEM)
    --port N              listen on this port only; 0 takes any free one
    --tls                 listen for wss too, on port 27490 (or the next four); first: trien-bridge tls install
    --pinentry PROGRAM    ask through this pinentry
    --language vi|en      speak this language, whatever the page's

Without --module, the bridge finds the PKCS#11 modules of this computer by itself: those that vendors are known to
install, those of p11-kit, and those that /etc/trien/bridge.json or ~/.config/trien/bridge.json names:
    { "modules": ["/opt/vendor/libtoken.so"], "ignoreModules": ["/usr/lib/libold.so"] }
A module that wants parameters (NSS) is named with them, and has them after --module too:
    { "modules": [{ "path": "/usr/lib/libsoftokn3.so", "parameters": "configdir='sql:/home/an/.pki/nssdb'" }] }

The bridge listens on 127.0.0.1 and ::1, never on another interface. Pages reach it at ws://127.0.0.1:27480/v1
(or the next four ports). They need an https origin and learn nothing before the person has agreed.
`
