# style.gp - what all figures share. The script's head has set FORMAT, PICTURE, HEIGHT, TITLE, SUBTITLE,
# FOOTER, NNOTES and NOTE[], NCURVES and the arrays LABEL, COLOUR, DASH and SHAPE.

WIDTH = 1000
set encoding utf8
if (FORMAT eq 'svg') {
    set terminal svg size WIDTH,HEIGHT font 'sans-serif,14' noenhanced background '#ffffff' linewidth 1
}
if (FORMAT eq 'pdf') {
    # Inches, of 96 pixels each, so that the letters stand to the picture as in the PNG.
    set terminal pdfcairo size WIDTH / 96.0,HEIGHT / 96.0 font 'sans-serif,10.5' noenhanced background '#ffffff'
}
if (FORMAT eq 'png') {
    if (strstrt(GPVAL_TERMINALS, ' pngcairo ') > 0) {
        set terminal pngcairo size WIDTH,HEIGHT font 'sans-serif,10.5' noenhanced background '#ffffff'
    } else {
        set terminal png size WIDTH,HEIGHT noenhanced
    }
}
set output PICTURE

INK = '#222222'
PALE = '#6B6B6B'
# The svg terminal would write a weight into the font's name, where a browser does not find it.
SMALL = FORMAT eq 'svg' ? 'sans-serif,13' : 'sans-serif,9.5'
LARGE = FORMAT eq 'svg' ? 'sans-serif,19' : 'sans-serif:Bold,13.5'
BOLD = FORMAT eq 'svg' ? 'sans-serif,13' : 'sans-serif:Bold,9.5'

# Lengths in pixels from the top (y) as shares of the picture.
down(pixels) = 1 - 1.0 * pixels / HEIGHT
across(pixels) = 1.0 * pixels / WIDTH

set dashtype 1 solid
set dashtype 2 (9,5)
set dashtype 3 (2,4)
set dashtype 4 (9,4,2,4)

set label 1 TITLE at screen across(24), screen down(28) left font LARGE textcolor rgb INK
set label 2 SUBTITLE at screen across(24), screen down(54) left font SMALL textcolor rgb PALE
set label 3 FOOTER at screen across(WIDTH - 16), screen down(HEIGHT - 16) right font SMALL textcolor rgb PALE
do for [i=1:NNOTES] {
    set label 10+i NOTE[i] at screen across(24), screen down(HEIGHT - 20 * (NNOTES - i) - 44) left font SMALL textcolor rgb INK
}

set border 3 linecolor rgb PALE linewidth 1
set tics nomirror scale 0.6,0.3 textcolor rgb INK
set grid xtics ytics linetype 1 linecolor rgb '#E6E6E6' linewidth 1
set key outside right top vertical Left reverse samplen 3 spacing 1.35 textcolor rgb INK
set lmargin at screen across(92)
set tmargin at screen down(84)
set bmargin at screen down(HEIGHT - 20 * NNOTES - 96)
