import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {KEEPS, type Said, said, type Verdict, verdictOf} from '../support/witness/said.js'
import type {Witness} from '../support/witness/witness.js'
import {CELLS, type Cell} from './trust/cells.js'
import {witnesses} from './trust/witnesses.js'

/**
 * Whether mopt's word about a model can be trusted: every verb on every model whose task can be decoded here, and beside what mopt said
 * the share of the float model's answers that is really kept. `tsx test/benchmarks/trust.ts REGEX` runs what matches as
 * `model: cell`; MOPT_TRUST_MODELS names a folder with models of other packages; MOPT_TRUST_JSON a file for the rows.
 */

interface Row extends Said {
  readonly model: string
  readonly cell: string
  readonly task: string
  readonly kept: number | null
  readonly verdict: Verdict | 'refused'
}

const wanted = new RegExp(process.argv[2] ?? '')
const scratch = mkdtempSync(join(tmpdir(), 'mopt-trust-'))
const rows: Row[] = []
try {
  for (const [model, make] of witnesses(scratch, process.env.MOPT_TRUST_MODELS)) {
    const cells = CELLS.filter(({name}) => wanted.test(`${model}: ${name}`))
    if (cells.length === 0) continue
    const witness = await make()
    const keptBy = await witness.prepare()
    process.stdout.write(`\n${model} (${witness.task})\n`)
    for (const cell of cells) {
      const row = {model, ...(await tried(witness, cell, keptBy))}
      rows.push(row)
      process.stdout.write(line(row))
      if (process.env.MOPT_TRUST_JSON) writeFileSync(process.env.MOPT_TRUST_JSON, JSON.stringify(rows, null, 1))
    }
  }
} finally {
  rmSync(scratch, {recursive: true})
}
const wrong = rows.filter(({verdict}) => verdict !== 'ok')
process.stdout.write(
  `\n${rows.length} cells, ${rows.filter(({kept}) => kept !== null && kept < KEEPS).length} lose more than 2 %\n`,
)
for (const row of wrong)
  process.stdout.write(`${row.verdict}: ${row.model}, ${row.cell}, kept ${row.kept?.toFixed(3)}\n`)
process.exit(rows.some(({verdict}) => verdict === 'MISSED') ? 1 : 0)

type KeptBy = Awaited<ReturnType<Witness['prepare']>>

async function tried(witness: Witness, cell: Cell, keptBy: KeptBy): Promise<Omit<Row, 'model'>> {
  const output = join(scratch, 'changed.onnx')
  const answer = await said(witness, cell, output)
  const kept = answer.failed === undefined && existsSync(output) ? await keptBy(output) : null
  const verdict = kept === null ? 'refused' : verdictOf(kept, answer)
  return {cell: cell.name, task: witness.task, kept, verdict, ...answer}
}

function line({cell, kept, bytes = 0, outputs, fidelity, warnings, verdict, failed}: Row): string {
  if (failed !== undefined) return `  ${cell.padEnd(18)} ${failed.slice(0, 160)}\n`
  const judged = outputs.map(({name, kind, ...figures}) => `${name} ${kind} ${numbers(figures)}`).join('; ')
  const codes = [...new Set(warnings.map(({code}) => code))].filter((code) => code !== 'DATA_NOTE').join(' ')
  const summary = judged || numbers(fidelity)
  return `  ${cell.padEnd(18)} kept ${kept?.toFixed(3)} ${String(bytes).padStart(8)} B  ${verdict}  [${summary}] ${codes}\n`
}

function numbers(figures: Readonly<Record<string, unknown>>): string {
  return Object.entries(figures)
    .filter(([, value]) => typeof value === 'number' || typeof value === 'string')
    .map(([name, value]) => `${name} ${typeof value === 'number' ? Number(value.toPrecision(4)) : value}`)
    .join(', ')
}
