// How a contender is told what to do next, so that two of them can take turns: a line of JSON in, a line of JSON out.
import { createInterface } from 'node:readline'

/**
 * Answers each line of stdin, one after another, until stdin ends.
 * @param {(question: any) => unknown} answer
 */
export async function answerLines(answer) {
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await answer(JSON.parse(line))))
  }
}
