// The least that a signature can take: C_SignInit and C_Sign in a loop, nothing around them. In a process of its own, as
// the bridge's token host is. For each line {count} it signs so often and prints the milliseconds of each as JSON.
//   node raw-loop.mjs MODULE PIN RSA|EC
import { createHash } from 'node:crypto'
import pkcs11 from 'pkcs11js'
import { answerLines } from './lines.mjs'

const [modulePath = '', pin = '', kind = ''] = process.argv.slice(2)

const module = new pkcs11.PKCS11()
module.load(modulePath)
module.C_Initialize({ flags: pkcs11.CKF_OS_LOCKING_OK })
const [slot] = module.C_GetSlotList(true)
const session = module.C_OpenSession(slot, pkcs11.CKF_SERIAL_SESSION)
module.C_Login(session, pkcs11.CKU_USER, pin)
module.C_FindObjectsInit(session, [
  { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_PRIVATE_KEY },
  { type: pkcs11.CKA_KEY_TYPE, value: kind === 'RSA' ? pkcs11.CKK_RSA : pkcs11.CKK_EC },
])
const key = module.C_FindObjects(session)
module.C_FindObjectsFinal(session)

// As the bridge does it: RSA hashed by the token, ECDSA by us, as SoftHSM knows no mechanism that hashes.
const mechanism = kind === 'RSA' ? pkcs11.CKM_SHA256_RSA_PKCS : pkcs11.CKM_ECDSA
const toBeSigned = Buffer.alloc(300, 1)
const inputOf = () =>
  kind === 'RSA' ? toBeSigned : createHash('sha256').update(toBeSigned).digest()
const signOnce = () => {
  module.C_SignInit(session, { mechanism }, key)
  module.C_Sign(session, inputOf(), Buffer.alloc(2048))
}
for (let round = 0; round < 50; round++) signOnce()

await answerLines(({ count }) => {
  const times = []
  for (let round = 0; round < count; round++) {
    const begun = performance.now()
    signOnce()
    times.push(performance.now() - begun)
  }
  return times
})
module.C_Finalize()
