# roofline.gp - rate of computing against operations per byte, both logarithmic. roof-N.dat: a line; best.dat and
# largest.dat: operations per byte, rate, shape, colour; joins.dat: from the one to the other.

# 690 by 460 pixels, as plots/roofline_parts.h has it; to the right the tags, below the legend of four rows.
set rmargin at screen across(92 + 690)
set bmargin at screen down(84 + 460)
set key at screen across(92 - 60), screen down(84 + 460 + 62) left top vertical Left reverse samplen 2.4 spacing 1.25 \
    width 2 maxrows 4 textcolor rgb INK

set logscale xy
set xrange [XMIN:XMAX]
set yrange [YMIN:YMAX]
set xlabel 'operations per byte that must move (FLOP/byte)' textcolor rgb INK
set ylabel 'GFLOP/s (higher is better)' textcolor rgb INK
do for [i=1:NNAMES] {
    set label 1000+i NAME[i] at first NAME_X[i], first NAME_Y[i] center offset 0,0.9 front font BOLD textcolor rgb INK
}
do for [i=1:NTAGS] {
    set label 2000+i TAG[i] at first TAG_X[i], first TAG_Y[i] left offset 0.6,0 font SMALL textcolor rgb PALE
}
do for [i=1:NSLANTS] {
    set label 3000+i SLANT[i] at first SLANT_X[i], first SLANT_Y[i] left rotate by ANGLE offset 0.4,0.9 font SMALL textcolor rgb PALE
}

plot for [i=1:NROOFS] sprintf('roof-%d.dat', i) using 1:2 with lines \
         linecolor rgb PALE linewidth 1.6 dashtype ROOF_DASH[i] notitle, \
     'joins.dat' using 1:2:3:4:5 with vectors nohead linewidth 1 linecolor rgb variable notitle, \
     'largest.dat' using 1:2:3:4 with points pointtype variable pointsize 1.3 linewidth 1.4 linecolor rgb variable notitle, \
     'best.dat' using 1:2:3:4 with points pointtype variable pointsize 1.3 linecolor rgb variable notitle, \
     for [i=1:NKEYS] NaN with lines linecolor rgb PALE linewidth 1.6 dashtype KEY_DASH[i] title KEY[i], \
     for [i=1:NCURVES] NaN with points pointtype SHAPE[i] pointsize 1.3 linecolor rgb COLOUR[i] title LABEL[i], \
     NaN with points pointtype 7 pointsize 1.1 linecolor rgb PALE title 'filled: best size', \
     NaN with points pointtype 6 pointsize 1.1 linecolor rgb PALE title 'open: largest size'
