/** A list without the elements of another one, each of which takes away one equal element; in the order of the list. */
export function without(list: readonly string[], otherList: readonly string[]): string[] {
  const unmatchedElements = [...otherList]
  return list.filter((element) => {
    const index = unmatchedElements.indexOf(element)
    if (index !== -1) unmatchedElements.splice(index, 1)
    return index === -1
  })
}
