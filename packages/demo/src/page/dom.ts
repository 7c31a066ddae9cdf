/**
 * Finding and making elements. Text is always set as text: nothing here parses HTML.
 * @module
 */

/** Gets an element of the page that must exist. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id)
  if (!element) throw new Error(`no element #${id}`)
  return element as T
}

/** Makes an element with attributes and children; `undefined` children are left out. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string | undefined)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children.filter((child) => child !== undefined))
  return element
}

const SVG = 'http://www.w3.org/2000/svg'

/** Makes a drawing of drawings.svg; hidden from screen readers, for the words beside it say the same. */
export function drawing(name: string, viewBox = '0 0 48 48'): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', viewBox)
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS(SVG, 'use')
  use.setAttribute('href', `/drawings.svg#${name}`)
  svg.append(use)
  return svg
}

/** Makes one of the 160 × 108 pictures. */
export function picture(name: string): SVGSVGElement {
  const svg = drawing(`picture-${name}`, '0 0 160 108')
  svg.classList.add('picture')
  return svg
}
