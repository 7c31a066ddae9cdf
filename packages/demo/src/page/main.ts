/**
 * The page: loads the sample form, connects the steps, draws the state.
 * @module
 */
import type { Language } from '@trien/sdk/errors'
import { createCertificateStep } from './certificate-step.ts'
import { byId } from './dom.ts'
import { keepFocus, watchFocus } from './focus.ts'
import { drawFrame } from './frame.ts'
import { createPinStep } from './pin-step.ts'
import { createSignStep } from './sign-step.ts'
import { changeDocument, createStore, type Store } from './state.ts'
import { takeFiles } from './take-files.ts'
import { troubleOf } from './trouble.ts'
import { drawCertificate, wireCertificate } from './view-certificate.ts'
import { wireCheck } from './view-check.ts'
import { drawDocument, wireDocument } from './view-document.ts'
import { drawFiles } from './view-files.ts'
import { drawLooks, wireLooks } from './view-looks.ts'
import { drawPin } from './view-pin.ts'
import { drawSign, wireSign } from './view-sign.ts'

const LANGUAGE_KEY = 'trien-demo.language'

start()

function start(): void {
  const store = createStore({
    ...{ language: rememberedLanguage(), picked: 'sample', step: 'document' },
    ...{ sample: undefined, own: undefined, certificates: undefined, chosen: undefined },
    ...{ batch: undefined, looks: 'none' },
    ...{ waiting: { for: 'nothing' }, trouble: undefined, outcome: undefined, pinDone: undefined },
  })
  const certificateStep = createCertificateStep(store, bridgePorts())
  const pinStep = createPinStep(store, certificateStep.current)
  const signStep = createSignStep(store, certificateStep)
  watchFocus()
  wireLanguages(store)
  wireDocument({
    pick: (picked) => {
      const { own, batch } = store.get()
      const isMissing = picked === 'own' && !own && !batch
      if (isMissing) byId('own-pick').click()
      store.set({ picked: isMissing ? 'sample' : picked })
    },
    take: (files) => takeFiles(store, files),
    next: certificateStep.open,
    change: () => changeDocument(store),
  })
  wireCertificate(certificateStep)
  wireCheck(certificateStep.current, () => store.get().language)
  wireLooks((looks) => store.set({ looks }))
  wireSign(signStep)
  store.onChange((state) => {
    drawFrame(state)
    drawDocument(state)
    drawCertificate(state, certificateStep)
    drawPin(state, pinStep)
    drawLooks(state)
    drawFiles(state)
    drawSign(state, { ...signStep, care: pinStep.care })
    keepFocus(state)
  })
  store.set({})
  void loadSample(store)
}

function rememberedLanguage(): Language {
  return localStorage.getItem(LANGUAGE_KEY) === 'en' ? 'en' : 'vi'
}

function wireLanguages(store: Store): void {
  for (const button of document.querySelectorAll<HTMLElement>('[data-language]')) {
    button.addEventListener('click', () => {
      const language = button.dataset['language'] === 'en' ? 'en' : 'vi'
      localStorage.setItem(LANGUAGE_KEY, language)
      store.set({ language })
    })
  }
}

/** The server says where the bridge may listen; the query string must not. */
function bridgePorts(): number[] {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="trien-ports"]')
  return (meta?.content ?? '').split(' ').map(Number)
}

async function loadSample(store: Store): Promise<void> {
  try {
    const response = await fetch('/application.pdf')
    if (!response.ok) throw new Error(`application.pdf: ${response.status}`)
    const content = new Blob([await response.arrayBuffer()], { type: 'application/pdf' })
    store.set({ sample: { name: 'don-de-nghi.pdf', format: 'pdf', content, isSample: true } })
  } catch (error) {
    store.set({ trouble: troubleOf(error, 'document') })
  }
}
