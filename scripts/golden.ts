// Writes the golden files again. Tests only compare with them: they change through this script, never on their own.
import {readFileSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {benchReport} from '../src/report/bench-report.js'
import type {Report} from '../src/report/document.js'
import {FORMATS} from '../src/report/formats.js'
import {trainingReport} from '../src/report/training-report.js'
import {benchFixture} from '../test/report/bench-result.js'
import {trainingFixture} from '../test/report/training-result.js'
import {withLayers} from '../test/support/ladder.js'
import {operatorTable} from '../test/support/operator-table.js'
import {withOperators} from '../test/support/operators-page.js'
import {declarations} from './declarations.js'

writeFileSync(new URL('../test/golden/index.d.ts', import.meta.url), declarations())
writeFileSync(new URL('../test/golden/operators.md', import.meta.url), operatorTable())
writeReport({document: benchReport(benchFixture), result: benchFixture}, '../test/golden/report.md')
writeReport(
  {document: trainingReport(trainingFixture, 'mopt distill large.onnx'), result: {}},
  '../test/golden/training.md',
)

const page = new URL('../docs/operators.md', import.meta.url)
writeFileSync(page, withOperators(readFileSync(page, 'utf8'), operatorTable()))

const biome = new URL('../biome.json', import.meta.url)
writeFileSync(biome, `${JSON.stringify(withLayers(JSON.parse(readFileSync(biome, 'utf8'))), null, 2)}\n`)

function writeReport(report: Report, name: string): void {
  const path = fileURLToPath(new URL(name, import.meta.url))
  for (const file of FORMATS[0]?.files(report, path) ?? []) writeFileSync(file.path, file.text)
}
