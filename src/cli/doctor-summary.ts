import type {DoctorResult} from '../results.js'
import {bold, table} from './table.js'

/** What `doctor` prints for people. */
export function doctorSummary({machine, providers, advice}: DoctorResult): string {
  const facts = table(
    ['', ''],
    [
      ['cpu', machine.cpu],
      ['cores', String(machine.cores)],
      ['int8 features', machine.features.join(' ') || 'unknown'],
      ['system', machine.os],
      ['node', machine.node],
      ['onnxruntime', machine.onnxruntime],
    ],
  )
  return [
    `${bold('Machine')}\n${facts}`,
    `${bold('Providers')}\n${providers.map(providerText).join('\n')}`,
    `${bold('Advice')}\n${advice.map((line) => `- ${line}`).join('\n')}`,
  ].join('\n\n')
}

function providerText({name, bundled, loads, reason, install}: DoctorResult['providers'][number]): string {
  if (loads) return `${name}: loads`
  const lines = [`${name}: does not load${bundled ? '' : ' (its files are not in the npm package)'}`]
  if (reason) lines.push(`  reason:  ${reason}`)
  if (install) lines.push(`  install: ${install}`)
  return lines.join('\n')
}
