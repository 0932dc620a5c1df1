// Writes the golden files again. Tests only compare with them: they change through this script, never on their own.
import {readFileSync, writeFileSync} from 'node:fs'
import {markdownReport} from '../src/report/markdown.js'
import {benchFixture} from '../test/report/bench-result.js'
import {withLayers} from '../test/support/ladder.js'
import {operatorTable} from '../test/support/operator-table.js'
import {withOperators} from '../test/support/operators-page.js'
import {declarations} from './declarations.js'

writeFileSync(new URL('../test/golden/index.d.ts', import.meta.url), declarations())
writeFileSync(new URL('../test/golden/operators.md', import.meta.url), operatorTable())
writeFileSync(new URL('../test/golden/report.md', import.meta.url), markdownReport(benchFixture))

const page = new URL('../docs/operators.md', import.meta.url)
writeFileSync(page, withOperators(readFileSync(page, 'utf8'), operatorTable()))

const biome = new URL('../biome.json', import.meta.url)
writeFileSync(biome, `${JSON.stringify(withLayers(JSON.parse(readFileSync(biome, 'utf8'))), null, 2)}\n`)
