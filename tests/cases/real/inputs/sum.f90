program total
  implicit none
  real(8), allocatable :: a(:, :), b(:)
  character(len=:), allocatable :: text
  integer :: i, status = 0
  allocate(a(300, 300), b(300))
  do i = 1, 300
    a(:, i) = i * 0.5d0
    b(i) = sum(a(:, i))
  end do
  text = repeat('x', 40) // 'y'
  write (*, '(f14.2, 1x, i0)') sum(b), len(text)
  !$omp parallel do reduction(+:status)
  do i = 1, 100
    status = status + i
  end do
  !$omp end parallel do
  call execute_command_line('echo from a shell; exit 3', exitstat=status)
  write (*, '(i0)') status
  error stop 9
end program total
