// What a PKCS#11 module says of itself, as one line of JSON: its library and the mechanisms that its tokens sign with.
// Runs where the module's token can be seen: node module-facts.mjs FILE [PARAMETERS]
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const bridge = createRequire(new URL('../../packages/bridge/package.json', import.meta.url))
const { default: pkcs11js } = await import(pathToFileURL(bridge.resolve('pkcs11js')).href)
const [modulePath, libraryParameters] = process.argv.slice(2)

const module = new pkcs11js.PKCS11()
module.load(modulePath)
module.C_Initialize({
  flags: pkcs11js.CKF_OS_LOCKING_OK,
  ...(libraryParameters === undefined ? {} : { libraryParameters }),
})
const { libraryDescription, libraryVersion } = module.C_GetInfo()
const mechanisms = module
  .C_GetSlotList(true)
  .flatMap((slot) =>
    module
      .C_GetMechanismList(slot)
      .filter((mechanism) => module.C_GetMechanismInfo(slot, mechanism).flags & pkcs11js.CKF_SIGN),
  )
module.C_Finalize()
const { major, minor } = libraryVersion
const library = `${libraryDescription.split('\0', 1)[0].trim()} ${major}.${minor}`
console.log(JSON.stringify({ library, mechanisms: [...new Set(mechanisms)] }))
