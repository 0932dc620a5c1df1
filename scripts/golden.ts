// Writes the golden files again. Tests only compare with them: they change through this script, never on their own.
import {writeFileSync} from 'node:fs'
import {operatorTable} from '../test/support/operator-table.js'

writeFileSync(new URL('../test/golden/operators.md', import.meta.url), operatorTable())
