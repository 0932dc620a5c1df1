import {crc32, deflateRawSync} from 'node:zlib'

export interface ZipMember {
  readonly name: string
  readonly bytes: Uint8Array
  readonly deflate?: boolean
  /** What the directory claims, when it lies. */
  readonly claimedSize?: number
  readonly method?: number
  readonly encrypted?: boolean
}

const FULL_32 = 0xffffffff
const FULL_16 = 0xffff
/** Flag bit 11: names are UTF-8. */
const NAMES_IN_UTF8 = 1 << 11

/**
 * A zip archive of the members, with 64-bit sizes and offsets in extra fields when `zip64` is set.
 * @see APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3
 */
export function zipOf(members: readonly ZipMember[], options: {zip64?: boolean} = {}): Buffer {
  const zip64 = options.zip64 ?? false
  const [files, directory]: [Buffer[], Buffer[]] = [[], []]
  let offset = 0
  for (const member of members) {
    const stored = member.deflate ? deflateRawSync(member.bytes) : Buffer.from(member.bytes)
    const local = Buffer.concat([localHeader(member, stored), stored])
    directory.push(directoryEntry(member, stored, offset, zip64))
    files.push(local)
    offset += local.length
  }
  const listing = Buffer.concat(directory)
  return Buffer.concat([...files, listing, ending(members.length, listing.length, offset, zip64)])
}

function localHeader(member: ZipMember, stored: Buffer): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  writeCommon(header, 4, member, stored)
  header.writeUInt16LE(Buffer.byteLength(member.name), 26)
  return Buffer.concat([header, Buffer.from(member.name)])
}

function directoryEntry(member: ZipMember, stored: Buffer, offset: number, zip64: boolean): Buffer {
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  writeCommon(header, 6, member, stored)
  header.writeUInt16LE(Buffer.byteLength(member.name), 28)
  header.writeUInt32LE(offset, 42)
  if (!zip64) return Buffer.concat([header, Buffer.from(member.name)])
  const extra = Buffer.alloc(28)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(24, 2)
  extra.writeBigUInt64LE(BigInt(member.claimedSize ?? member.bytes.length), 4)
  extra.writeBigUInt64LE(BigInt(stored.length), 12)
  extra.writeBigUInt64LE(BigInt(offset), 20)
  header.writeUInt32LE(FULL_32, 20)
  header.writeUInt32LE(FULL_32, 24)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt32LE(FULL_32, 42)
  return Buffer.concat([header, Buffer.from(member.name), extra])
}

/** The fields that local header and directory share, from `version needed` on. */
function writeCommon(header: Buffer, at: number, member: ZipMember, stored: Buffer): void {
  header.writeUInt16LE(45, at)
  header.writeUInt16LE((member.encrypted ? 1 : 0) | NAMES_IN_UTF8, at + 2)
  header.writeUInt16LE(member.method ?? (member.deflate ? 8 : 0), at + 4)
  header.writeUInt32LE(crc32(member.bytes), at + 10)
  header.writeUInt32LE(stored.length, at + 14)
  header.writeUInt32LE(Math.min(member.claimedSize ?? member.bytes.length, FULL_32), at + 18)
}

function ending(count: number, listingBytes: number, offset: number, zip64: boolean): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  for (const at of [8, 10]) end.writeUInt16LE(zip64 ? FULL_16 : count, at)
  end.writeUInt32LE(zip64 ? FULL_32 : listingBytes, 12)
  end.writeUInt32LE(zip64 ? FULL_32 : offset, 16)
  if (!zip64) return end
  const end64 = Buffer.alloc(56)
  end64.writeUInt32LE(0x06064b50, 0)
  end64.writeBigUInt64LE(44n, 4)
  for (const at of [24, 32]) end64.writeBigUInt64LE(BigInt(count), at)
  end64.writeBigUInt64LE(BigInt(listingBytes), 40)
  end64.writeBigUInt64LE(BigInt(offset), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(offset + listingBytes), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([end64, locator, end])
}
