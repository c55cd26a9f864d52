package last

const L = ""
