import {expect} from 'chai'
import {isGone, MARK, processMark} from '../../src/io/process-mark.js'

/** Linux tells when a process began, other systems whether its id is in use. */
const [pid = '', began = '', place = ''] = processMark().split('-')
/** Above the largest id that Linux gives. */
const NOBODY = 2 ** 22 + 1

describe('processMark', () => {
  it('is the same for the whole life of the process, and what MARK describes', () => {
    expect(processMark()).to.equal(processMark())
    expect(processMark()).to.match(new RegExp(`^${MARK}$`))
    expect(pid).to.equal(`${process.pid}`)
  })
})

describe('isGone', () => {
  it('is false for this process', () => {
    expect(isGone(processMark())).to.equal(false)
  })

  it('is true for an id that nobody has', () => {
    expect(isGone(`${NOBODY}-${began}-${place}`)).to.equal(true)
  })

  it('is true for this id at another time, and unknown where no time was told', () => {
    if (began !== '0') expect(isGone(`${pid}-1-${place}`)).to.equal(true)
    expect(isGone(`${pid}-0-${place}`)).to.equal(false)
  })

  it('is never known of another machine', () => {
    expect(isGone(`${NOBODY}-1-00000000`)).to.equal(place === '00000000')
    expect(isGone(`${NOBODY}-1`)).to.equal(false)
  })
})
