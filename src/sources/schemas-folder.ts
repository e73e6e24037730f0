// Where the generated schemas are: beside src, dist and the bundle alike, two folders up from here.

export const schemasFolder = new URL('../../schemas/', import.meta.url);
