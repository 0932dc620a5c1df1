import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {type Command, Flags, Parser} from '@oclif/core'
import {expect} from 'chai'
import {withPlan} from '../src/cli/optional-value.js'
import {FACES, LADDER} from './support/ladder.js'

/** A newcomer reads it in two minutes. */
const README_LIMIT_BYTES = 12_000

const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'fixtures/README.md'],
  ...readdirSync('docs', {recursive: true, encoding: 'utf8'})
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const VERBS = readdirSync('commands').map((name) => name.replace(/\.ts$/, ''))

describe('README and docs', () => {
  const commands = new Map<string, typeof Command>()

  before(async () => {
    for (const verb of VERBS) commands.set(verb, (await import(`../commands/${verb}.js`)).default)
  })

  it(`keeps the README within ${README_LIMIT_BYTES} bytes`, () => {
    expect(statSync('README.md').size).to.be.at.most(README_LIMIT_BYTES)
  })

  it('links every page of docs/ from the README', () => {
    const linked = linksOf('README.md')
    for (const page of PAGES) if (/^docs\/[^/]+$/.test(page)) expect(linked, page).to.include(page)
  })

  it('finds the commands of a page: a line, after a prompt, over two lines', () => {
    const page =
      'Run `mopt doctor`.\n\n```sh\nmopt inspect a.onnx # why\n$ mopt prune a.onnx \\\n  --exclude "b c"\nnpm ci\n```\n'
    expect(commandLines(page)).to.deep.equal([
      ['inspect', 'a.onnx'],
      ['prune', 'a.onnx', '--exclude', 'b c'],
    ])
  })

  it('has every folder of src in the map of CONTRIBUTING.md, with what it may import', () => {
    const rows = [...readFileSync('CONTRIBUTING.md', 'utf8').matchAll(/^\| `(?:src\/)?(\w+)\/` \|[^|]+\|([^|]*)\|$/gm)]
    const map = rows.map(([, folder = '', cell = '']) => [folder, cell.trim() === '' ? [] : cell.trim().split(', ')])
    expect(Object.fromEntries(map)).to.deep.equal({...LADDER, commands: FACES.commands})
  })

  for (const page of PAGES) {
    it(`${page}: files of the project that the text names exist`, () => {
      for (const span of inlineCode(readFileSync(page, 'utf8'))) {
        if (/^(src|commands|test|scripts|bin|fixtures)\/[\w./-]+\.\w+$/.test(span))
          expect(existsSync(span), span).to.equal(true)
      }
    })

    it(`${page}: relative links lead to files and headings that exist`, () => {
      for (const link of linksOf(page)) {
        const [path = '', anchor] = link.split('#')
        expect(existsSync(path), link).to.equal(true)
        if (anchor !== undefined) expect(anchorsOf(path), link).to.include(anchor)
      }
    })

    it(`${page}: command lines parse, and name fixtures that exist`, async () => {
      for (const [verb = '', ...argv] of commandLines(readFileSync(page, 'utf8'))) {
        if (verb.startsWith('-') || argv.includes('--help')) continue
        expect(VERBS, [verb, ...argv].join(' ')).to.include(verb)
        await parses(commands.get(verb) as typeof Command, verb, argv)
        for (const file of argv) if (file.startsWith('fixtures/')) expect(existsSync(file), file).to.equal(true)
      }
    })

    it(`${page}: scripts and benchmarks exist`, () => {
      const text = readFileSync(page, 'utf8')
      const {scripts} = JSON.parse(readFileSync('package.json', 'utf8'))
      for (const [line, script = ''] of text.matchAll(/npm run ([\w:]+)/g))
        expect(scripts, line).to.have.property(script)
      const benchmarks = readFileSync('test/benchmarks/run.ts', 'utf8')
      for (const [line, name] of text.matchAll(/test:benchmarks -- ([\w-]+)/g))
        expect(benchmarks, line).to.match(new RegExp(`^  '?${name}'?:`, 'm'))
    })

    it(`${page}: flags in the text exist`, () => {
      for (const span of inlineCode(readFileSync(page, 'utf8'))) {
        const [first = '', ...rest] = span.replace(/^mopt /, '').split(' ')
        if (!/^(--|…$)/.test(first) && !VERBS.includes(first)) continue
        const owners = VERBS.includes(first) ? [first] : VERBS
        const known = owners.flatMap((verb) => flagNames(commands.get(verb) as typeof Command))
        for (const word of [first, ...rest]) if (word.startsWith('--')) expect(known, span).to.include(nameIn(word))
      }
    })
  }
})

/** @throws what the user would read, in front of the line. */
async function parses(command: typeof Command, verb: string, argv: readonly string[]): Promise<void> {
  const {args, strict} = command
  try {
    await Parser.parse(withPlan(argv), {args, flags: flagsOf(command), strict})
  } catch (cause) {
    throw new Error(`mopt ${verb} ${argv.join(' ')}: ${(cause as Error).message}`, {cause})
  }
}

function flagsOf({baseFlags, flags}: typeof Command) {
  return {...baseFlags, ...flags, json: Flags.boolean(), help: Flags.boolean(), version: Flags.boolean()}
}

function flagNames(command: typeof Command): string[] {
  return Object.entries(flagsOf(command)).flatMap(([name, flag]) =>
    flag.type === 'boolean' && flag.allowNo ? [name, `no-${name}`] : [name],
  )
}

/** `--lr=1e-3` → `lr` */
function nameIn(word: string): string | undefined {
  return /^--([a-z0-9-]+)/.exec(word)?.[1]
}

/** The arguments of every `mopt` in a code block. */
function commandLines(page: string): string[][] {
  const lines = fencedBlocks(page).flatMap((block) => block.replaceAll(/\\\n/g, ' ').split('\n'))
  return lines.flatMap((line) => {
    const [, rest] = /^(?:\$ )?(?:mopt|node bin\/run\.js|bin\/dev\.js) (.+)$/.exec(line) ?? []
    return rest === undefined ? [] : [shellWords(rest)]
  })
}

function fencedBlocks(page: string): string[] {
  return [...page.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].map(([, block = '']) => block)
}

/** Words as a shell splits them: quotes, and comments that run to the end. */
function shellWords(line: string): string[] {
  const words = line.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []
  const comment = words.findIndex((word) => word.startsWith('#'))
  return words.slice(0, comment < 0 ? undefined : comment).map((word) => word.replaceAll(/['"]/g, ''))
}

function inlineCode(page: string): string[] {
  const text = page.replaceAll(/^```\w*\n[\s\S]*?^```/gm, '')
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span.replaceAll('\\|', '|'))
}

/** Files and headings that a page links to, seen from the repository's root. */
function linksOf(page: string): string[] {
  const text = readFileSync(page, 'utf8').replaceAll(/^```\w*\n[\s\S]*?^```/gm, '')
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)].map(([, a, b]) => a ?? b ?? '')
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => (target.startsWith('#') ? `${page}${target}` : join(dirname(page), target)))
}

/** What GitHub makes of the headings of a page. */
function anchorsOf(page: string): string[] {
  const headings = readFileSync(page, 'utf8').match(/^#+ .+$/gm) ?? []
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
