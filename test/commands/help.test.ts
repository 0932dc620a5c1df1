import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {expect} from 'chai'
import {runMopt} from '../support/run-mopt.js'

const VERBS = readdirSync('commands').map((name) => name.replace(/\.ts$/, ''))

describe('mopt --help', () => {
  it('lists every verb with a line about it, as mopt alone does', async () => {
    const [help, alone] = [await runMopt(['--help']), await runMopt([])]
    expect([help.code, alone.code, help.stdout]).to.deep.equal([0, 0, alone.stdout])
    for (const verb of VERBS) expect(help.stdout).to.match(new RegExp(`^ {2}${verb} +\\S`, 'm'))
  })

  for (const verb of VERBS) {
    it(`shows two examples of ${verb} or more, with files and flags that exist`, async () => {
      const {code, stdout, stderr} = await runMopt([verb, '--help'])
      expect({code, stderr}).to.deep.equal({code: 0, stderr: ''})
      expect(stdout).to.match(new RegExp(`^ {2}\\$ mopt ${verb}.* \\[flags\\]$`, 'm'))
      const examples = examplesOf(stdout)
      expect(examples.filter((example) => example.startsWith(`mopt ${verb}`))).to.have.length.of.at.least(2)
      for (const example of examples) {
        for (const file of example.match(/fixtures\/\S+/g) ?? []) expect(existsSync(file), file).to.equal(true)
        // what an example starts from may be made by another verb
        const [, own = ''] = example.split(' ')
        const help = own === verb ? stdout : (await runMopt([own, '--help'])).stdout
        for (const flag of example.match(/(?<= )--[a-z-]+/g) ?? []) expect(isListed(flag, help), flag).to.equal(true)
      }
    })
  }

  for (const verb of ['inspect', 'doctor']) {
    it(`shows examples of ${verb} that run as printed`, async () => {
      const {stdout} = await runMopt([verb, '--help'])
      for (const example of examplesOf(stdout)) {
        const {code, stderr} = await runMopt(example.split(' ').slice(1))
        expect({example, code, stderr}).to.deep.equal({example, code: 0, stderr: ''})
      }
    })
  }

  it('is what `mopt help VERB` and -h show', async () => {
    const help = await runMopt(['inspect', '--help'])
    expect(await runMopt(['help', 'inspect'])).to.deep.equal(help)
    expect(await runMopt(['inspect', '-h'])).to.deep.equal(help)
  })
})

describe('mopt --version', () => {
  it('gives the version of the package', async () => {
    const {version} = JSON.parse(readFileSync('package.json', 'utf8'))
    const {code, stdout} = await runMopt(['--version'])
    expect(code).to.equal(0)
    expect(stdout).to.match(new RegExp(`^mopt ${version} `))
  })
})

/** The command lines after `$` in the section EXAMPLES, joined where the help broke them. */
function examplesOf(help: string): string[] {
  const [, section = ''] = help.split('EXAMPLES\n')
  return section
    .split(/^ {2}\$ /m)
    .slice(1)
    .map((text) => text.replace(/\s+/g, ' ').trim())
}

function isListed(flag: string, help: string): boolean {
  const name = flag.replace(/^--(no-)?/, '')
  return new RegExp(`--(\\[no-\\])?${name}\\b`).test(help.split('EXAMPLES\n')[0] ?? '')
}
