/** A Blob that tells how many of its bytes were read. */
export class CountingBlob extends Blob {
  read = 0

  override slice(start = 0, end = this.size): Blob {
    const part = super.slice(start, end)
    const { arrayBuffer } = part
    part.arrayBuffer = () => {
      this.read += part.size
      return arrayBuffer.call(part)
    }
    return part
  }
}
